import { IfAllowed } from '@assent/react'
import { Counter } from './counter.tsx'

export default function Page() {
  return (
    <main>
      <h1>A page that stays static</h1>
      <IfAllowed purpose="analytics" fallback={<p>Nothing is counted.</p>}>
        <p>This visit is counted.</p>
      </IfAllowed>
      <Counter />
    </main>
  )
}
