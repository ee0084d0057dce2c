// Read by the compiler alone: each line marked with @ts-expect-error must not compile, or the build fails.
import type { AnswerOf, Bridge, Handlers, InputOf } from './contract.ts'
import type { CaptureSummary } from './capture/capture.ts'

declare const bridge: Bridge
declare const handlers: Handlers
declare const summary: CaptureSummary

export const right: Promise<unknown> = bridge.call('captures.open', { folder: '/photos' })
// @ts-expect-error a wrong argument
export const wrongArgument = bridge.call('captures.open', { path: '/photos' })
// @ts-expect-error a wrong type of an argument
export const wrongType: InputOf<'runs.stop'> = { runId: 'r-123456', keep: 'yes' }
// @ts-expect-error a call that does not exist
export const unknownCall = bridge.call('captures.destroy', {})

const { 'captures.open': _, ...withoutOne } = handlers
// @ts-expect-error a missing handler
export const missing: Handlers = withoutOne

// @ts-expect-error a wrong result
export const wrongResult: Handlers = { ...handlers, 'captures.open': async () => null }
export const rightResult: Handlers = { ...handlers, 'captures.open': async () => summary }
// @ts-expect-error an answer is not any
export const notAny: AnswerOf<'app.info'> = { version: 1 }
