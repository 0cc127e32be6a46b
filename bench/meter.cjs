/* eslint-disable @typescript-eslint/no-require-imports -- a module would cost the process that is measured more */
// Loaded into the processes that are measured: leaves the peak of their memory, in KB, in the file that METER names.
process.on('exit', () => require('node:fs').writeFileSync(process.env.METER, String(process.resourceUsage().maxRSS)))
