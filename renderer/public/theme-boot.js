// Sets the last theme before anything is painted. A file of its own, because the strict CSP allows no inline script.
;(function () {
  var theme = 'system'
  try {
    theme = window.localStorage.getItem('theme') || 'system'
  } catch {
    // A host that forbids storage follows the system.
  }
  var light = theme === 'light' || (theme !== 'dark' && window.matchMedia('(prefers-color-scheme: light)').matches)
  document.documentElement.dataset.theme = light ? 'light' : 'dark'
})()
