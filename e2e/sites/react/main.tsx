import { AssentAsk, AssentPreferences, AssentProvider, IfAllowed, useConsent } from '@assent/react'
import { createRoot } from 'react-dom/client'

function App() {
  return (
    <AssentProvider origin="https://consent.example.com" property="demo">
      <IfAllowed purpose="analytics" fallback={<p>Nothing is counted.</p>}>
        <iframe src="https://stats.example/counted" title="Statistics" />
      </IfAllowed>
      <Settings />
    </AssentProvider>
  )
}

function Settings() {
  const isPersonal = useConsent('personalization')
  return (
    <section>
      <p>{isPersonal ? 'Chosen for you' : 'The same for everyone'}</p>
      <AssentAsk purpose="ai_training" />
      <AssentPreferences />
    </section>
  )
}

createRoot(document.getElementById('root')!).render(<App />)
