/** A variable that the stack sets. Throws where it is absent: then the stack and the function do not belong together. */
export function variable(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`the variable ${name} is not set`)
  return value
}
