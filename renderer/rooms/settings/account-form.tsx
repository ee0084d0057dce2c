import { type SyntheticEvent, useState } from 'react'
import { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import { useDesk } from '../../desk.ts'
import { Button } from '../../parts/button.tsx'

const fields = [
  { name: 'name', label: 'Name', rule: 'Small letters, digits and hyphens; "local" is this machine.' },
  { name: 'bucket', label: 'Bucket', rule: '3 to 63 small letters, digits, hyphens and dots.' },
  { name: 'region', label: 'Region', rule: 'As us-east-1.' },
  {
    name: 'tenant',
    label: 'Place in it',
    rule: 'Everything lies under t/PLACE/: letters, digits and : _ . - Empty where people sign in with the browser.',
  },
  { name: 'profile', label: 'AWS profile', rule: 'Empty: the environment or the default profile.' },
  { name: 'endpoint', label: 'Server', rule: 'Only for S3 servers other than AWS: https://HOST.' },
  { name: 'api', label: 'API', rule: 'The stack output "Api"; empty: photos are sent, nothing runs.' },
  {
    name: 'signIn',
    label: 'Sign-in page',
    rule: 'The stack output "SignIn"; empty: the profile signs in. With it the next three are needed.',
  },
  { name: 'client', label: 'User pool client', rule: 'The stack output "UserPoolClient".' },
  { name: 'userPool', label: 'User pool', rule: 'The stack output "UserPool".' },
  { name: 'identityPool', label: 'Identity pool', rule: 'The stack output "IdentityPool".' },
] as const

type Props = { readonly taken: readonly string[]; readonly onEnd: () => void }

/** What an account is: nothing secret. A field that does not fit says its rule. */
export function AccountForm({ taken, onEnd }: Props) {
  const { intents } = useDesk()
  const [wrong, setWrong] = useState<string | null>(null)
  const save = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const read = readForm(new FormData(event.currentTarget))
    if (typeof read === 'string') return setWrong(read)
    if (taken.includes(read.name)) return setWrong('name')
    if (await intents.saveTarget(read)) onEnd()
  }
  return (
    <form className="card settings-rows" aria-label="A new account" noValidate onSubmit={(event) => void save(event)}>
      {fields.map(({ name, label, rule }) => (
        <label className="settings-row" key={name}>
          <span className="grow">
            <b>{label}</b>
            <span className="soft" id={`rule-${name}`}>
              {rule}
            </span>
          </span>
          {wrong === name && (
            <span role="alert" className="tone-bad">
              {name === 'name' ? 'Not a free name' : 'Does not fit'}
            </span>
          )}
          <input
            className="field"
            name={name}
            aria-invalid={wrong === name}
            aria-describedby={`rule-${name}`}
            autoComplete="off"
            spellCheck={false}
          />
        </label>
      ))}
      <div className="settings-row">
        <span className="grow" />
        <Button tone="quiet" onClick={onEnd}>
          Cancel
        </Button>
        <Button tone="primary" type="submit">
          Save
        </Button>
      </div>
    </form>
  )
}

/** The account that the form describes, or the name of the field that does not fit. */
function readForm(form: FormData): CloudTarget | string {
  const given = Object.fromEntries(
    fields.map(({ name }) => {
      const text = form.get(name)
      return [name, typeof text === 'string' && text.trim() !== '' ? text.trim() : null]
    }),
  )
  const { signIn, client, userPool, identityPool, ...plain } = given
  const people = [signIn, client, userPool, identityPool].every((one) => one === null) ? null : { signIn, client, userPool, identityPool }
  // A person's place is the own id, known after the first sign-in.
  const tenant = plain['tenant'] ?? (people === null ? null : 'unknown')
  const read = CloudTarget.safeParse({ ...plain, tenant, people })
  return read.success ? read.data : String(read.error.issues[0]?.path.at(-1) ?? 'name')
}
