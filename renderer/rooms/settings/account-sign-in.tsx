import { useEffect, useState } from 'react'
import type { Person } from '../../../core/cloud/people.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { clockTime } from '../../format.ts'
import { Button } from '../../parts/button.tsx'

/** Who is signed in to an account with the browser, and the way in and out. */
export function AccountSignIn({ name }: { readonly name: string }) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy.has(`sign-in ${name}`))
  const [person, setPerson] = useState<Person | null>(null)
  const [page, setPage] = useState<string | null>(null)
  useEffect(() => {
    let left = false
    void intents.personOf(name).then((found) => !left && setPerson(found ?? null))
    return () => {
      left = true
    }
  }, [intents, name])
  const enter = async () => {
    setPerson((await intents.signIn(name, setPage)) ?? null)
    setPage(null)
  }
  const leave = async () => {
    await intents.signOut(name)
    setPerson(null)
    setPage(null)
  }
  return (
    <div className="settings-row">
      <span className="grow" role="status">
        <b>{person ? `Signed in as ${person.mail}` : busy ? 'Waiting for the browser' : 'Nobody is signed in'}</b>
        <span className="soft" data-source="account.signedIn">
          {person
            ? `since ${clockTime(person.since)}; ${keptWords[person.keptBy]}`
            : page === null
              ? 'The sign-in opens in your browser.'
              : 'No browser could be opened from here.'}
        </span>
        {page !== null && (
          <a className="soft" href={page} target="_blank" rel="noreferrer">
            Open the sign-in page
          </a>
        )}
      </span>
      {person || busy ? (
        <Button small tone="quiet" onClick={() => void leave()}>
          {person ? 'Sign out' : 'Give up'}
        </Button>
      ) : (
        <Button small tone="primary" onClick={() => void enter()}>
          Sign in
        </Button>
      )}
    </div>
  )
}

const keptWords: Readonly<Record<Person['keptBy'], string>> = {
  system: 'kept in the system’s keychain',
  file: 'kept in a file that only your user can read, because no keychain was found',
}
