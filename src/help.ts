/** What `porthole --help` prints. */
export const help = `porthole: what Docker on Windows will do with your compose files

Usage:
  porthole [options] <paths…>        lint files, folders and patterns; \`-\` is standard input
  porthole explain <rule|feature>    what is known of a rule or a feature, with its sources
  porthole matrix [feature…]         the support matrix, for the targets asked for
  porthole why <text|-> [paths…]     from what Docker said to the setting that made it say so
  porthole diff --from <target> --to <target> [paths…]
                                     what a move changes for these files (--to host=azure: only that; --format json);
                                     exit status 1 if anything gets worse
  porthole migrate [files…]          writes compose.windows.yaml beside compose.yaml, an overlay with what Windows
                                     needs otherwise (-o <file|->, --force, --checklist: what is left, as Markdown)
  porthole interop [tool] [paths…]   what switches off the rules of other linters that ask for what Windows refuses:
                                     dclint, compose-lint, kics, semgrep, docker-bench, hadolint
  porthole targets [paths…]          the targets in force and where each comes from, and those that files name
  porthole inspect <files…>          what files ask of Docker, as JSON; of compose files the merged project
  porthole lsp                       a language server on standard input and output

Options:
  -t, --target <list>         Windows versions to judge for, repeatable: ws2016 … ws2025, win11,
                              with engine@28, host=azure|other, isolation=process|hyperv
                              (default: ws2019,ws2022,ws2025 with the newest engine); auto: what the files
                              name all together (\`runs-on: windows-2022\`, \`FROM …:ltsc2019\`)
      --platform <mode>       windows: judge everything but what declares Linux (default)
                              auto: judge only what is evidently for Windows
      --compose-file <file>   lay compose files over each other, in order, as \`docker compose -f\` does; repeatable
  -c, --config <file>         the configuration, instead of the nearest porthole.config.json or .yaml upwards
      --no-config             no configuration at all
      --rule <id:severity>    error, warning, info or off for a rule or a feature, repeatable
      --print-config <file>   what is configured for a file
      --baseline <action>     write: know all that is found now; check: report only what is new; prune: forget
                              what is mended (in porthole-baseline.json, or --baseline-file)
      --explain-platform      print why each service is thought to be for Windows or Linux
  -f, --format <name[=file]>  pretty (default), compact, json, jsonl, sarif, github, gitlab, junit, checkstyle,
                              rdjson, rdjsonl, azure, teamcity, markdown; repeatable, each to a file if one is given
  -o, --output-file <file>    where the format goes that has no file of its own
      --fail-on <severity>    least severity that makes the exit status 1: error, warning, info
                              (default: warning)
      --exit-zero             exit with 0 whatever is found, to look before you adopt
      --fix                   change files so that what Windows ignores anyway is gone, where nothing else changes
      --unsafe-fixes          with --fix or --diff: also changes that make something else of the file
      --diff                  show what --fix would change, and change nothing; exit with 1 if it is something
  -q, --quiet                 show errors only, and fail on errors only unless --fail-on says otherwise
      --allow-outside         read the files outside of the project that its files name: by default a compose file
                              or a link that leads out of the repository (or the folder) is not followed
  -v, --verbose               tell too what could not be found out: networks that no file makes, Dockerfiles out of reach
  -w, --watch                 lint again whenever something changes, until interrupted; the exit status is that of
                              the last round (--poll: look every second where the system tells of no changes)
      --stdin-filename <path> the name that stands for standard input (default: compose.yaml)
      --color, --no-color     colours, else by FORCE_COLOR, NO_COLOR, CLICOLOR_FORCE and the terminal
  -V, --version
  -h, --help

Folders are searched for files that speak of Docker, dot-folders too; what .gitignore names,
node_modules and .git are not. A file that is named is always read.

Exit status: 0 nothing found, 1 findings, 2 the job could not be done.
`
