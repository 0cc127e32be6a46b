/** A module of this folder, bundled with all that it uses and made to count its work, as a file that can be imported. */
export function buildCounting(entry: string): Promise<string>
