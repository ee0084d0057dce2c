import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Change } from '../core/contract.ts'
import { judgePlan } from '../core/overlap/reshoot-judge.ts'
import { holding } from '../core/overlap/survey-fixture.ts'
import type { Engine } from './engine.ts'
import { checked, fakeCheck, makePlace, open, type Place } from './run/fixtures/line.ts'
import type { CheckFolder } from './scans.ts'

const engines: Engine[] = []
const places: Place[] = []

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close()
  for (const place of places.splice(0)) rmSync(place.root, { recursive: true, force: true })
})

async function opened(place: Place, check: CheckFolder): Promise<Engine> {
  const engine = await open(place, { check })
  engines.push(engine)
  return engine
}

/** Two groups, until a photo named `joint` is there. */
const inTwo: CheckFolder = async function* (...given) {
  for await (const event of fakeCheck(...given)) {
    if (event.kind !== 'checked') {
      yield event
      continue
    }
    const { photos } = event.check
    const files = photos.map(({ file }) => file)
    const groups = files.includes('joint.jpg') ? [files] : [files.slice(0, 4), files.slice(4)]
    yield { ...event, check: { ...event.check, forecast: holding(photos, groups) } }
  }
}

function sevenPhotos(): Place {
  const place = makePlace()
  places.push(place)
  for (const name of ['e', 'f', 'g']) writeFileSync(join(place.photos, `${name}.jpg`), `photo ${name}`)
  return place
}

test('a plan that is worked with stays as it is, survives a restart, and a later check of more photos says what they closed', async () => {
  const place = sevenPhotos()
  const engine = await opened(place, inTwo)
  const captureId = await checked(engine, place.photos)
  const heard: Change[] = []
  engine.subscribe((change) => heard.push(change))
  expect((await engine.handlers['captures.get']({ captureId })).keptPlan).toBeNull()
  const kept = await engine.handlers['captures.keepPlan']({ captureId, without: [2] })
  expect(kept.plan.places.map(({ kind }) => kind)).toEqual(['gap'])
  expect(kept.without).toEqual([2])
  expect(kept.photos).toHaveLength(7)
  await expect.poll(() => heard.map(({ kind }) => kind)).toContain('plan')
  await engine.close()

  writeFileSync(join(place.photos, 'joint.jpg'), 'the joint')
  const again = await opened(place, inTwo)
  await checked(again, place.photos)
  const turned = await again.handlers['captures.keepPlan']({ captureId, without: [] })
  expect(turned).toEqual({ ...kept, without: [] })
  const { photos, findings, forecast, keptPlan } = await again.handlers['captures.get']({ captureId })
  expect(keptPlan).toEqual(turned)
  expect(judgePlan(turned, { photos, findings, forecast })).toMatchObject([{ place: 1, state: 'closed' }])
  await again.handlers['captures.dropPlan']({ captureId })
  expect((await again.handlers['captures.get']({ captureId })).keptPlan).toBeNull()
})

test('a plan that was dropped comes back as it was, also after a restart and instead of a newer one, which is remembered in its turn', async () => {
  const place = sevenPhotos()
  const engine = await opened(place, inTwo)
  const captureId = await checked(engine, place.photos)
  const first = await engine.handlers['captures.keepPlan']({ captureId, without: [2] })
  await engine.handlers['captures.dropPlan']({ captureId })
  await engine.close()

  const again = await opened(place, inTwo)
  const plan = async () => (await again.handlers['captures.get']({ captureId })).keptPlan
  const newer = await again.handlers['captures.keepPlan']({ captureId, without: [1] })
  expect(newer.keptAt).not.toBe(first.keptAt)
  expect(await again.handlers['captures.restorePlan']({ captureId, keptAt: first.keptAt })).toEqual(first)
  expect(await plan()).toEqual(first)
  await again.handlers['captures.restorePlan']({ captureId, keptAt: newer.keptAt })
  expect(await plan()).toEqual(newer)
  await expect(again.handlers['captures.restorePlan']({ captureId, keptAt: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
    problem: { code: 'plan/unknown' },
  })
})

test('where nothing is to be re-shot no plan is kept', async () => {
  const place = sevenPhotos()
  const engine = await opened(place, fakeCheck)
  const captureId = await checked(engine, place.photos)
  await expect(engine.handlers['captures.keepPlan']({ captureId, without: [] })).rejects.toMatchObject({ problem: { code: 'plan/empty' } })
  await expect(engine.handlers['captures.keepPlan']({ captureId: 'c-000000', without: [] })).rejects.toMatchObject({
    problem: { code: 'capture/unknown' },
  })
})
