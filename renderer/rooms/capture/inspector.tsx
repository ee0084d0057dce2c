import '../../styles/capture-inspector.css'
import { ChevronDown, ChevronUp, EyeOff, Eye, MousePointerClick } from 'lucide-react'
import type { Finding } from '../../../core/capture/finding.ts'
import type { Photo } from '../../../core/capture/photo.ts'
import { pictureOf, thumbnailOf } from '../../artefacts.ts'
import { useDesk } from '../../desk.ts'
import { count, plural, shortName } from '../../format.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Badge } from '../../parts/chip.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { FactTable } from '../../parts/fact-table.tsx'
import { Num } from '../../parts/num.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { Thumb } from '../../parts/thumb.tsx'
import { FindingBadge } from './finding-badge.tsx'
import { severityGlyph } from './finding-words.ts'
import { type Neighbour, strengthOf } from './links.ts'
import { photoFacts } from './photo-facts.ts'
import type { Lens } from './use-capture.ts'

type Props = { readonly detail: CaptureDetail; readonly view: CaptureView; readonly lens: Lens }

/** How many neighbours are listed before "show all" would be needed; more than this never helped to judge a photo. */
const neighbourRows = 12

/** Everything about the chosen photo. */
export function Inspector({ detail, view, lens }: Props) {
  const photo = lens.byFile.get(view.photo ?? '')
  return (
    <aside className="inspector scroll" aria-label="Inspector">
      {photo ? (
        <Chosen photo={photo} detail={detail} view={view} lens={lens} />
      ) : (
        <EmptyState icon={MousePointerClick} title="No photo chosen">
          Choose one in the grid or on the map to see its facts and neighbours.
        </EmptyState>
      )}
    </aside>
  )
}

type ChosenProps = Props & { readonly photo: Photo }

function Chosen({ photo, detail, view, lens }: ChosenProps) {
  const { intents, url } = useDesk()
  const { captureId } = detail
  const out = lens.leftOut.has(photo.file)
  return (
    <>
      <Head photo={photo} detail={detail} view={view} lens={lens} />
      <figure
        className="inspector-picture"
        style={{
          aspectRatio: photo.orientation > 4 ? photo.heightPx / photo.widthPx : photo.widthPx / photo.heightPx,
          backgroundImage: `url("${url(thumbnailOf(photo.sha256))}")`,
        }}
      >
        <img src={url(pictureOf(captureId, photo.sha256))} alt={photo.file} />
      </figure>
      <Button small icon={out ? Eye : EyeOff} keys="X" onClick={() => void intents.setUse(captureId, [photo.file], out)}>
        {out ? 'Include in the run' : 'Leave out of the run'}
      </Button>
      <PhotoFindings findings={lens.findings.get(photo.file) ?? []} />
      <FactTable facts={photoFacts(photo, detail)} />
      <Neighbours photo={photo} detail={detail} lens={lens} />
    </>
  )
}

/** Its name, the worst that was found of it, and the way to the photos before and after. */
function Head({ photo, detail, view, lens }: ChosenProps) {
  const { intents } = useDesk()
  const at = lens.photos.findIndex((one) => one.file === photo.file)
  const step = (by: number) => intents.look(detail.captureId, { photo: lens.photos[at + by]?.file ?? view.photo, picked: [] })
  const worst = lens.findings.get(photo.file)?.find((one) => one.severity !== 'info')
  return (
    <header className="row">
      <h2 className="clip" title={photo.file} data-source="file name">
        {photo.file.split('/').at(-1)}
      </h2>
      {worst ? (
        <FindingBadge finding={worst} />
      ) : (
        <Badge tone="ok" state="ready">
          good
        </Badge>
      )}
      <span className="grow" />
      <IconButton label="Previous photo" icon={ChevronUp} disabled={at <= 0} onClick={() => step(-1)} />
      <IconButton label="Next photo" icon={ChevronDown} disabled={at < 0 || at >= lens.photos.length - 1} onClick={() => step(1)} />
    </header>
  )
}

function PhotoFindings({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null
  return (
    <ul className="inspector-findings">
      {findings.map((one) => (
        <li key={one.code} data-source={`finding ${one.code}`}>
          <StateGlyph state={severityGlyph(one.severity)} />
          <span>
            {one.what} <span className="soft">{one.remedy}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

function Neighbours({ photo, detail, lens }: { readonly photo: Photo; readonly detail: CaptureDetail; readonly lens: Lens }) {
  const list = lens.neighbours.get(photo.file) ?? []
  const most = Math.max(1, list[0]?.inliers ?? 0)
  const tried = detail.pairs.filter((one) => one.a === photo.file || one.b === photo.file)
  return (
    <section aria-label="Neighbours">
      <h2 data-source="forecast pairs">{lens.checked ? `${plural(list.length, 'neighbour')} forecast` : 'Neighbours not checked yet'}</h2>
      {lens.checked && list.length === 0 && (
        <p className="soft" data-source="forecast pairs">
          None: tried {plural(tried.length, 'pair')}, the best shared {Math.round(Math.max(0, ...tried.map((one) => one.inliers)))}.
        </p>
      )}
      <ul className="neighbours">
        {list.slice(0, neighbourRows).map((one) => (
          <NeighbourRow key={one.file} neighbour={one} most={most} detail={detail} lens={lens} />
        ))}
      </ul>
    </section>
  )
}

function NeighbourRow({
  neighbour,
  most,
  detail,
  lens,
}: {
  readonly neighbour: Neighbour
  readonly most: number
  readonly detail: CaptureDetail
  readonly lens: Lens
}) {
  const { intents } = useDesk()
  const photo = lens.byFile.get(neighbour.file)
  const strong = strengthOf(neighbour.inliers) === 'strong'
  return (
    <li>
      <button type="button" onClick={() => intents.look(detail.captureId, { photo: neighbour.file, picked: [] })}>
        <Thumb address={photo ? thumbnailOf(photo.sha256) : null} name="" className="neighbour-thumb" />
        <span className="grow">
          <span className="row">
            <span className="clip grow" data-source="file name">
              {shortName(neighbour.file)}
            </span>
            <span className={strong ? '' : 'tone-warn'}>
              <Num value={count(neighbour.inliers)} source="forecast pairs" /> shared
            </span>
          </span>
          <i className={`neighbour-bar ${strong ? '' : 'neighbour-weak'}`} style={{ transform: `scaleX(${neighbour.inliers / most})` }} />
        </span>
      </button>
    </li>
  )
}
