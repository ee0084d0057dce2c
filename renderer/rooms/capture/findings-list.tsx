import type { Finding } from '../../../core/capture/finding.ts'
import { useDesk } from '../../desk.ts'
import { plural } from '../../format.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { severityGlyph, worstFirst } from './finding-words.ts'

/** Every finding with its remedy, then every file that is no photo with its reason. */
export function FindingsList({ detail, view }: { readonly detail: CaptureDetail; readonly view: CaptureView }) {
  return (
    <section className="findings scroll" aria-label="Findings">
      <ul>
        {worstFirst(detail.findings).map((finding) => (
          <FindingRow key={`${finding.code} ${finding.what}`} finding={finding} detail={detail} view={view} />
        ))}
        {detail.findings.length === 0 && (
          <li className="quiet finding">No findings: nothing is wrong with these photos as far as it was checked.</li>
        )}
      </ul>
      {detail.skipped.length > 0 && (
        <>
          <h2 data-source="captures.get skipped">Skipped {plural(detail.skipped.length, 'file')}</h2>
          <ul>
            {detail.skipped.map((one) => (
              <li key={one.file} className="finding" data-source="captures.get skipped">
                <StateGlyph state="unknown" />
                <span className="grow">
                  <span className="finding-what">{one.file}</span>
                  <span className="soft">
                    {one.what} {one.remedy}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function FindingRow({ finding, detail, view }: { readonly finding: Finding; readonly detail: CaptureDetail; readonly view: CaptureView }) {
  const { intents } = useDesk()
  const { captureId } = detail
  const inRun = finding.files.filter((file) => !detail.leftOut.includes(file))
  const aboutPhotos = finding.code.startsWith('photo/')
  return (
    <li className="finding">
      <StateGlyph state={severityGlyph(finding.severity)} label={finding.severity} />
      <span className="grow">
        <span className="finding-what" data-source={`finding ${finding.code}`}>
          {finding.what}
        </span>
        <span className="soft" data-source={`finding ${finding.code}`}>
          {finding.remedy}
        </span>
      </span>
      {finding.files.length > 0 && (
        <Button
          small
          tone="quiet"
          data-source={`finding ${finding.code}`}
          onClick={() => intents.look(captureId, { chips: [finding.code], photo: finding.files[0] ?? view.photo })}
        >
          Show {plural(finding.files.length, 'photo')}
        </Button>
      )}
      {aboutPhotos && inRun.length > 0 && finding.severity !== 'info' && (
        <Button small data-source={`finding ${finding.code}`} onClick={() => void intents.setUse(captureId, inRun, false)}>
          Leave out {inRun.length}
        </Button>
      )}
      {aboutPhotos && inRun.length === 0 && finding.files.length > 0 && (
        <Button small tone="quiet" onClick={() => void intents.setUse(captureId, finding.files, true)}>
          Include again
        </Button>
      )}
    </li>
  )
}
