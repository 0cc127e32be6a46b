/** A file beside those that are open, as the editor reads it for the server. */
export interface SurroundingFile {
  readonly uri: string
  readonly text: string
}

/** Tells the server all of them, `{ files }`. */
export const filesNotification = 'porthole/files'
