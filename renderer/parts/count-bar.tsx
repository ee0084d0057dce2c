/** A bar that moves only because something was counted. Without a total it stays absent: the count alone is honest. */
export function CountBar({ done, total, label }: { readonly done: number; readonly total: number | null; readonly label: string }) {
  if (total === null || total <= 0) return null
  const share = Math.min(1, done / total)
  return (
    <div className="count-bar" role="progressbar" aria-label={label} aria-valuenow={done} aria-valuemin={0} aria-valuemax={total}>
      <div style={{ transform: `scaleX(${share})` }} />
    </div>
  )
}
