import { Component, type ErrorInfo, type ReactNode } from 'react'
import { problem } from '../../core/problem.ts'
import { ProblemCard, type Remedy } from './problem-card.tsx'

type Props = {
  /** Where the user is: going elsewhere ends the fault. */
  readonly where: string
  readonly remedies: (again: () => void) => readonly Remedy[]
  readonly children: ReactNode
}

type Held = { readonly fault: unknown; readonly where: string }

/** Holds a fault of one room in that room: the window, what runs, and the other rooms go on. */
export class FaultGuard extends Component<Props, Held> {
  override state: Held = { fault: null, where: this.props.where }

  static getDerivedStateFromError(fault: unknown): Pick<Held, 'fault'> {
    return { fault }
  }

  static getDerivedStateFromProps({ where }: Props, held: Held): Held | null {
    return where === held.where ? null : { fault: null, where }
  }

  override componentDidCatch(fault: unknown, info: ErrorInfo): void {
    console.error('a room stopped', fault, info.componentStack)
  }

  override render(): ReactNode {
    const { fault } = this.state
    if (fault === null) return this.props.children
    const words = fault instanceof Error ? fault.message : 'no reason given'
    const said = problem(
      'screen/fault',
      `This room stopped on a fault of Spaceport: ${words}`,
      'Show it again. Nothing is lost: what runs goes on in the engine.',
    )
    return (
      <div className="room-problem">
        <ProblemCard problem={said} remedies={this.props.remedies(() => this.setState({ fault: null }))} />
      </div>
    )
  }
}
