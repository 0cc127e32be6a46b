import type { Origin } from './compose-node.ts'

/** Something that Docker Compose refuses, and where it is written. */
export interface ProjectProblem extends Origin {
  readonly message: string
}

/** Something that cannot be known from the files at hand, and so is left out. */
export interface ProjectGap extends Origin {
  readonly message: string
}

/** Docker Compose stops here. Never leaves the functions that read a project. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly problems: readonly ProjectProblem[]

  constructor(...problems: readonly ProjectProblem[]) {
    super(problems[0]?.message)
    this.problems = problems
  }
}

export const refuse = (message: string, { path, range }: Origin): never => {
  throw new Refusal({ message, path, range })
}
