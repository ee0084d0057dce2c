import { firstReadout, type Readout } from './readout.ts'

/** Where a stage writes what it tells of itself, and who reads it hears of every change. */
export class ReadoutBoard {
  private readonly hearers = new Set<() => void>()
  private readout: Readout = firstReadout

  readonly get = (): Readout => this.readout
  readonly subscribe = (hear: () => void): (() => void) => {
    this.hearers.add(hear)
    return () => void this.hearers.delete(hear)
  }
  readonly tell = (change: Partial<Readout>): void => {
    this.readout = { ...this.readout, ...change }
    for (const hear of this.hearers) hear()
  }
}
