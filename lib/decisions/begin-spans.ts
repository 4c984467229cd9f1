import type { Query } from '../domain/decision.ts'
import type { OrganisationId } from '../domain/ids.ts'
import { Spans } from '../domain/spans.ts'
import type { ConsentIndex } from './consent-index.ts'
import type { SpanMoment } from './decisions.ts'
import type { QuestionPlan } from './index/question-plan.ts'

/** Asks `index` about many subjects as of one moment, which `query` holds. */
export function beginSpans(
  index: ConsentIndex,
  organisationId: OrganisationId,
  plan: QuestionPlan,
  query: Query,
): SpanMoment {
  const spans = new Spans()
  let subject = -1
  const ask = (found: number) => {
    subject = found
    index.span(plan, subject, query, spans)
  }
  return {
    spans,
    findMany: (namespace, bytes, ids, into) => index.findMany(organisationId, namespace, bytes, ids, into),
    ofFound: ask,
    ofIdentifier: ({ namespace, id }) => ask(index.find(organisationId, namespace, id)),
    ofSubject: (subjectId) => ask(index.findById(organisationId, subjectId)),
    wasKnown: () => subject >= 0,
    writeId(into, at) {
      if (subject >= 0) index.writeId(subject, into, at)
      else for (let word = 0; word < 4; word++) into.setInt32(at + 4 * word, 0)
    },
  }
}
