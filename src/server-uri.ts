/** The path that a URI names, decoded and with `/`; for `untitled:Untitled-1`, the name; for `file:///c%3A/a`, `c:/a`. */
export function pathOf(uri: string): string {
  const path = decoded(/^[a-z][a-z\d+.-]*:(?:\/\/[^/?#]*)?([^?#]*)/i.exec(uri)?.[1] ?? uri)
  return isFileUri(uri) ? path.replace(/^\/(?=[a-z]:)/i, '') : path
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** A name that is the same however a client spells the URI: `file:///C:/a%20b` and `file:///c%3A/a b`. */
export function keyOf(uri: string): string {
  if (isFileUri(uri)) return `file:${pathOf(uri).replace(/^[A-Z]:/, drive => drive.toLowerCase())}`
  return /[?#]/.test(uri) ? uri : `${fileSystemOf(uri)}${pathOf(uri)}`
}

/** The URI of a path as seen from the folder of a file; `undefined` if the file is in no folder. */
export function besideUri(uri: string, path: string): string | undefined {
  try {
    const { href, protocol } = new URL(path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/'), uri)
    return protocol === 'file:' || uri.startsWith(protocol) ? href : undefined
  } catch {
    return undefined
  }
}

/** What a URI has before its path: files of the same system may be seen from each other. */
export const fileSystemOf = (uri: string): string => (isFileUri(uri) ? 'file://' : /^[a-z][a-z\d+.-]*:(?:\/\/[^/?#]*)?/i.exec(uri)?.[0] ?? '')

/** The URI of a file by its absolute path with `/`. */
export const uriOf = (path: string, fileSystem = 'file://'): string => `${fileSystem}${path.startsWith('/') ? '' : '/'}${path.split('/').map(encodeURIComponent).join('/')}`

export const isFileUri = (uri: string): boolean => /^file:/i.test(uri)
