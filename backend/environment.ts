/** What differs from one environment to another; all else is the same, so that what was tried is what is used. */
export type Environment = {
  readonly name: string
  readonly production: boolean
  /** Private endpoints for ECR and CloudWatch logs, about 44 USD a month in two zones whether anything runs or not. */
  readonly interfaceEndpoints: boolean
  readonly names: {
    readonly stack: string
    readonly machine: string
    readonly api: string
    readonly watch: string
    readonly images: string
  }
}

const namePattern = /^[a-z][a-z0-9]{1,11}$/

/** The environment of a name. `production` has the plain names; every other one carries its own. Throws where the name cannot be part of names. */
export function environmentOf(name: string, interfaceEndpoints: boolean = name === 'production'): Environment {
  if (!namePattern.test(name)) throw new Error(`The environment ${name} is not 2 to 12 small letters and digits.`)
  const production = name === 'production'
  const tail = production ? '' : `-${name}`
  return {
    name,
    production,
    interfaceEndpoints,
    names: {
      stack: `Spaceport${tail}`,
      machine: `SpaceportMLPipeline${tail}`,
      api: `spaceport${tail}`,
      watch: `Spaceport${tail}`,
      images: `spaceport${tail}`,
    },
  }
}
