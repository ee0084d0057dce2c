/** The report page's look: the app's greys and status colours (screens, section 9), light and dark, and ink-saving on paper. */
export const reportCss = `
:root{--bg:#F7F8F9;--card:#FFFFFF;--line:#C6CCD3;--fg:#15181C;--quiet:#565E69;--ok:#0B6E57;--warn:#855400;--bad:#B3124A;--ok-t:#DDF3EC;--warn-t:#FCEFD3;--bad-t:#FCE4EB}
@media (prefers-color-scheme:dark){:root{--bg:#16181B;--card:#1D2024;--line:#3A3F47;--fg:#F1F3F5;--quiet:#8F97A3;--ok:#3FC9A8;--warn:#F4B83F;--bad:#FF7391;--ok-t:#12302A;--warn-t:#332710;--bad-t:#3B1A25}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:13px/20px "Inter Variable","Segoe UI",-apple-system,Cantarell,system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:24px}h1{font:600 24px/30px inherit;font-family:inherit;margin:0 0 16px}h2{font:600 18px/26px inherit;font-family:inherit;margin:0 0 8px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;margin:0 0 16px}.quiet,footer{color:var(--quiet);font-size:12px}ul,ol{margin:0 0 8px;padding-left:20px}
.ready h2{color:var(--ok)}.risky h2{color:var(--warn)}.unusable h2{color:var(--bad)}.ready{background:var(--ok-t)}.risky{background:var(--warn-t)}.unusable{background:var(--bad-t)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:8px;border-top:1px solid var(--line);overflow-wrap:anywhere}th{font-size:11px;color:var(--quiet);border:0}td:first-child{width:130px}td:last-child{width:190px}
tr.error td:first-child{color:var(--bad);font-weight:600}tr.warning td:first-child{color:var(--warn);font-weight:600}code{font:11px/16px "JetBrains Mono Variable",ui-monospace,Consolas,monospace}summary{cursor:pointer}.files{margin:4px 0 0;font-size:12px}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:12px}figure{margin:0;border:1px solid var(--line);border-radius:6px;overflow:hidden;break-inside:avoid}figure.out img{opacity:.4}
img,.blank{display:block;width:100%;aspect-ratio:4/3;object-fit:contain;background:#0F1012}figcaption{padding:8px;display:flex;flex-direction:column;overflow-wrap:anywhere}
@media print{body{background:#fff;color:#000}main{max-width:none;padding:0}section{border:0;padding:8px 0;background:none}.grid{grid-template-columns:repeat(5,1fr)}figure{font-size:9px;line-height:12px}}
`
