/** A fault of a value, as ajv reports it. */
export interface ValidationError {
  /** JSON Pointer to the value. */
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** What may stand below a value: the shape of each key, of any other key, of an item of a list. */
export interface Shape {
  readonly keys?: Readonly<Record<string, string>>
  readonly any?: string
  readonly items?: string
}

/** Whether a value is a compose file; what is wrong is left in `errors`. */
export const validate: ((value: unknown) => boolean) & { errors?: ValidationError[] | null }

/** Shapes by name; `root` is that of a file, and the empty name that of a value without anything below. */
export const shapes: Readonly<Record<string, Shape>>
