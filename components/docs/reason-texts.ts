import type { Reason } from '../../lib/domain/reasons.ts'

/** Every reason of a decision: its name, what it says, and what can change it. */
export const reasonTexts = {
  stale: {
    title: 'This node is not fresh enough to answer',
    what: 'The deciding process has not heard from the log within two seconds, its clock is off, or it did not reach the revision named in at_least. Whatever is not known to be allowed is refused.',
    next: 'Ask again shortly, or ask another node. /readyz tells how far behind this one is.',
  },
  recovering: {
    title: 'The log is being recovered',
    what: 'Events may be missing after a restore, and a missing event may be a refusal.',
    next: 'Nothing is allowed until the missing events are replayed or their loss is accepted in writing.',
  },
  purpose_unknown: {
    title: 'There is no such purpose',
    what: 'The organisation has not published a purpose with this key.',
    next: 'Check the spelling against /v1/purposes, or publish the purpose.',
  },
  purpose_retired: {
    title: 'The purpose is retired',
    what: 'The organisation has stopped using data for this purpose.',
    next: 'Only publishing a new version of the purpose can change it.',
  },
  purpose_prohibited: {
    title: 'The rules in force prohibit the purpose',
    what: 'One of the regimes that apply to this person prohibits the purpose. All regimes she was ever seen under apply together, by their strictest rule.',
    next: 'Nothing a person says changes it; only a change of the regime itself can.',
  },
  subject_ambiguous: {
    title: 'The identifier meant more than one person',
    what: 'When the data was collected, the identifier was linked to several others, so nobody can tell whose choice counts.',
    next: 'Ask by an identifier of one person alone.',
  },
  subject_erased: {
    title: 'The data is from before an erasure',
    what: 'The person had her data erased (GDPR Art. 17), and this data was collected earlier.',
    next: 'Nothing: delete the data. Data collected later is decided afresh.',
  },
  processing_restricted: {
    title: 'Processing is restricted',
    what: 'The person disputes what is held or has asked for restriction (GDPR Art. 18).',
    next: 'The restriction must be lifted first.',
  },
  consent_denied: {
    title: 'Denied',
    what: 'The person said no when asked. A refusal of any kind stands under every rule, basis and version.',
    next: 'Only a later, valid yes by the same person for the same purpose.',
  },
  consent_withdrawn: {
    title: 'Withdrawn',
    what: 'The person had agreed and took it back (GDPR Art. 7(3)). It stands under every rule, basis and version.',
    next: 'Only a later, valid yes by the same person for the same purpose.',
  },
  objected: {
    title: 'Objected',
    what: 'The person objected (GDPR Art. 21). It acts at once.',
    next: 'A later yes, or a recorded decision that compelling grounds outweigh the objection.',
  },
  opted_out: {
    title: 'Opted out',
    what: 'The person opted out, as laws such as the CCPA provide.',
    next: 'Only a later, valid yes by the same person for the same purpose.',
  },
  gpc_opt_out: {
    title: 'Refused by Global Privacy Control',
    what: 'The browser sent Sec-GPC: 1, and the purpose is a sale or sharing, or a regime counts the signal for it.',
    next: 'Only a yes in a dialogue that names the conflict. The later absence of the signal changes nothing.',
  },
  child_refused: {
    title: 'A part of the purpose is refused',
    what: 'The person refused a child of this purpose. A yes to the whole would be a yes to the part.',
    next: 'Ask about the parts that are allowed, each by its own key.',
  },
  guardian_required: {
    title: 'Only a guardian could agree',
    what: 'The person is too young to agree for herself (GDPR Art. 8, by country).',
    next: 'A guardian’s yes, or her own once she is old enough. A yes given too young never ripens.',
  },
  age_unknown: {
    title: 'The age is not known',
    what: 'The regime takes an unstated age for too young.',
    next: 'Ask for the age first, then for the yes.',
  },
  never_asked: {
    title: 'Never asked',
    what: 'The purpose needs a yes, and none was ever recorded. Silence is not consent.',
    next: 'Ask the person, with a published notice that names the purpose.',
  },
  collected_before_notice: {
    title: 'Collected before any notice',
    what: 'The purpose needs a notice, and none that names it was in force on that property when the data was collected.',
    next: 'Data collected while a notice is in force; not this data.',
  },
  consent_unproven: {
    title: 'The yes cannot be proved',
    what: 'A yes is recorded without the notice shown, the language, how it was said or by whom. The controller must be able to demonstrate consent (GDPR Art. 7(1)).',
    next: 'Ask again, and record what was shown.',
  },
  consent_invalidated: {
    title: 'The yes was struck',
    what: 'The yes was struck: by itself, or with all of its notice, experience, import or API key. `explain` says by which recall. A yes to something else does not help where a struck one had lifted a refusal.',
    next: 'Ask again under a notice that stands.',
  },
  consent_expired: {
    title: 'The yes has run out',
    what: 'A yes lasts as long as the shortest lifetime among the regimes that apply, to the millisecond.',
    next: 'Ask again.',
  },
  notice_superseded: {
    title: 'The purpose has changed materially since',
    what: 'Since the yes, the purpose was widened: categories, recipients, controllers, transfers, retention, basis or automated decisions. Consent is specific (GDPR Art. 4(11)).',
    next: 'Ask again under the version in force.',
  },
  property_not_covered: {
    title: 'The yes does not reach this property',
    what: 'The yes was given on one site or app, and the question is about another, about all of them, or about one nobody knows.',
    next: 'Name the property in the question, or ask the person there.',
  },
  recipient_not_covered: {
    title: 'The recipient is not covered',
    what: 'The recipient is not named in the current purpose and in the version agreed to.',
    next: 'Publish a version that names the recipient, and ask again.',
  },
  category_required: {
    title: 'The question must name its categories',
    what: 'The purpose includes special categories of data (GDPR Art. 9), so the question must say which it is about.',
    next: 'Send categories.',
  },
  category_not_covered: {
    title: 'A category is not covered',
    what: 'A category in the question is not in the current purpose, not in the version agreed to, or unknown.',
    next: 'Leave that data out, or publish a version that names it and ask again.',
  },
  explicit_consent_required: {
    title: 'Explicit consent is needed',
    what: 'A special category needs explicit consent under a notice that names it (GDPR Art. 9(2)(a)).',
    next: 'Ask explicitly, with such a notice.',
  },
  collected_at_required: {
    title: 'The time of collection is missing',
    what: 'The purpose needs to know when the data was collected, and the question does not say, says it without a zone, or names a time to come.',
    next: 'Send collected_at in RFC 3339 with a zone.',
  },
  collected_before_consent: {
    title: 'Collected before the yes',
    what: 'The data was collected before the unbroken run of consent began, and the notice does not cover earlier data.',
    next: 'Use data collected since. A new yes does not reach back either.',
  },
  retention_exceeded: {
    title: 'Older than may be kept',
    what: 'The data is older than the purpose’s retention, by the current version or the one agreed to.',
    next: 'Nothing: delete the data.',
  },
  co_subject_denied: {
    title: 'Another person in the record has not agreed',
    what: 'The record is about several people, and all must be permitted. It is not said whose answer was no.',
    next: 'Leave the record out, or the other people’s part of it.',
  },
  content_usage_disallowed: {
    title: 'Whoever published it does not want AI trained on it',
    what: 'The question says with what `Content-Usage` the content was published, and that field or robots.txt rule says `train-ai=n` (IETF AIPREF). It holds beside what people agreed to, and before it.',
    next: 'Leave the content out of training.',
  },
  consent_given: {
    title: 'Consented',
    what: 'A valid yes covers this use of this data, now.',
    next: 'A withdrawal, at any time. Keep to the obligations in the answer, and ask again at use_until.',
  },
  not_opted_out: {
    title: 'Not opted out',
    what: 'The rule is opt-out, a notice was in force when the data was collected, and nothing was refused.',
    next: 'An opt-out or any other refusal, at any time.',
  },
  notice_only: {
    title: 'A notice was in force',
    what: 'The rule asks for a notice only, one naming the purpose was in force, and nothing was refused.',
    next: 'An objection or any other refusal, at any time.',
  },
  compatible_use: {
    title: 'Allowed by a compatibility assessment',
    what: 'Nobody was asked, but an approved assessment (GDPR Art. 6(4)) finds this use compatible with what the data was collected for. It never outweighs a refusal.',
    next: 'Any refusal, or the end of the assessment.',
  },
} as const satisfies Record<Reason, { title: string; what: string; next: string }>
