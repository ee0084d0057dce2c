/** What a mail tells. `links`: what the recipient can open, at once and without an account. */
export type News = {
  readonly kind: 'done' | 'stopped' | 'failed'
  readonly runId: string
  readonly name: string
  readonly score: number | null
  readonly costUsd: number | null
  readonly reason: string | null
  readonly links: readonly { readonly label: string; readonly url: string; readonly bytes: number }[]
  readonly daysOpen: number
}

export type Mail = { readonly subject: string; readonly text: string; readonly html: string }

/** The mail in both of its forms; every reader shows one of them. */
export function mailOf(news: News): Mail {
  const facts = factsOf(news)
  const subject = `${headline(news)}: ${news.name}`
  const until = news.links.length > 0 ? `The links open for ${news.daysOpen} days, for everyone who has them.` : null
  const text = [
    headline(news),
    news.name,
    '',
    ...facts.map(([name, value]) => `${name}: ${value}`),
    '',
    ...news.links.flatMap(({ label, url, bytes }) => [`${label} (${size(bytes)})`, url, '']),
    ...(until ? [until, ''] : []),
    next(news),
  ].join('\n')
  return { subject, text, html: page(news, facts, until) }
}

function headline({ kind }: News): string {
  if (kind === 'done') return 'Your scene is ready'
  return kind === 'stopped' ? 'The run was stopped' : 'The run failed'
}

function next(news: News): string {
  if (news.kind === 'failed') return 'Nothing goes on costing money. The run in Spaceport says what to do next.'
  if (news.links.length === 0) return 'Nothing was kept. Nothing goes on costing money.'
  return 'Open the .sog file in Spaceport, or in any viewer of Gaussian splats.'
}

function factsOf({ runId, score, costUsd, reason }: News): [string, string][] {
  return [
    ['Run', runId],
    ...(score === null ? [] : ([['Score', `${score} of 100`]] as [string, string][])),
    ...(costUsd === null ? [] : ([['Machines', `about ${costUsd.toFixed(2)} USD`]] as [string, string][])),
    ...(reason === null ? [] : ([['Reason', reason]] as [string, string][])),
  ]
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const safe = (text: string): string => text.replace(/[&<>"']/g, (one) => escapes[one] ?? one)

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

// Tables and inline styles: what mail programs of today still ask for. Both colours of a reader's theme stay legible.
function page(news: News, facts: readonly [string, string][], until: string | null): string {
  const row = ([name, value]: [string, string]): string =>
    `<tr><td style="padding:4px 16px 4px 0;color:#5b6470;vertical-align:top">${safe(name)}</td><td style="padding:4px 0;color:#14181d">${safe(value)}</td></tr>`
  const link = ({ label, url, bytes }: News['links'][number]): string =>
    `<tr><td style="padding:6px 0"><a href="${safe(url)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1f5fbf;color:#ffffff;text-decoration:none;font-weight:600">${safe(label)}</a> <span style="color:#5b6470;padding-left:8px">${size(bytes)}</span></td></tr>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${safe(headline(news))}</title></head>
<body style="margin:0;background:#eef1f4;${font};font-size:15px;line-height:1.5">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="560" cellpadding="0" cellspacing="0" style="max-width:560px;width:100%;background:#ffffff;border-radius:10px"><tr><td style="padding:32px">
<p style="margin:0 0 4px;color:#5b6470">Spaceport</p>
<h1 style="margin:0 0 4px;font-size:22px;line-height:1.3;color:#14181d">${safe(headline(news))}</h1>
<p style="margin:0 0 20px;color:#14181d">${safe(news.name)}</p>
<table role="presentation" cellpadding="0" cellspacing="0">${facts.map(row).join('')}</table>
<table role="presentation" cellpadding="0" cellspacing="0" style="margin:20px 0">${news.links.map(link).join('')}</table>
${until ? `<p style="margin:0 0 12px;color:#5b6470">${safe(until)}</p>` : ''}
<p style="margin:0;color:#14181d">${safe(next(news))}</p>
</td></tr></table></td></tr></table></body></html>
`
}
