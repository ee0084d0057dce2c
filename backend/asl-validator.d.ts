declare module 'asl-validator' {
  /** The package ships no types; this is its whole use here. */
  export default function validate(
    definition: object,
    options?: { readonly checkArn?: boolean; readonly checkPaths?: boolean },
  ): { readonly isValid: boolean; readonly errorsText: (separator: string) => string }
}
