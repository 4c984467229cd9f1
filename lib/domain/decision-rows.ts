/** The rows of the decision table: what must hold, in the order they are checked. */
export const decisionRows = [
  'the node is fresh enough to answer',
  'the purpose exists and is not retired',
  'the rule in force is not a prohibition',
  'the identifiers mean one subject, not erased for data of that age',
  'processing is not restricted (GDPR Art. 18)',
  'no refusal of the purpose or an ancestor stands',
  'no child of the purpose is refused',
  'whoever agreed was able to',
  'a grant stands, or a notice was in force, as the rule demands',
  'the grant can be proved and was not struck',
  'the grant has not run out',
  'the purpose has not changed materially since',
  'property, recipient and categories are covered',
  'the data was collected within what the grant covers',
  'the retention has not passed',
] as const
