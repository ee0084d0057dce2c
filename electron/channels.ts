/** The channels between window and main. All calls of the contract share one: names and inputs are checked in main. */
export const channels = {
  call: 'spaceport:call',
  change: 'spaceport:change',
  chooseFolder: 'spaceport:choose-folder',
  takePaths: 'spaceport:take-paths',
  go: 'spaceport:go',
} as const
