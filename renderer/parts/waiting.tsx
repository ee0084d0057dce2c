/** What a room says while its first answer is on its way. It appears only when that takes long enough to wonder. */
export function Waiting({ title, what }: { readonly title: string; readonly what: string }) {
  return (
    <>
      <h1 className="only-read">{title}</h1>
      <p className="waiting quiet" role="status">
        {what}
      </p>
    </>
  )
}
