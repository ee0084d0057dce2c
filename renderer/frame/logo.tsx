/** Three splats: the mark of Spaceport. */
export function Logo() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden>
      <ellipse cx="9" cy="14" rx="6.4" ry="4.6" transform="rotate(-32 9 14)" fill="#2e6bde" />
      <ellipse cx="14.6" cy="7.6" rx="4.4" ry="3" transform="rotate(24 14.6 7.6)" fill="#7cb2ff" />
      <circle cx="18.4" cy="15.6" r="2.6" fill="#f4b83f" />
    </svg>
  )
}
