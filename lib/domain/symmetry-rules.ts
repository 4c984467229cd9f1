/**
 * What an interface must keep to so that a no is as easy as a yes, each with its source. `definition`: read off what is
 * published. `design`: it cannot be said otherwise, and is held by tests in a real browser with every version of Assent.
 */
export type SymmetryRule = {
  readonly rule: string
  /** In a few words. */
  readonly asks: string
  readonly source: string
  readonly heldBy: 'definition' | 'design'
  /** How to mend it, where it can be seen on what is drafted. */
  readonly mend?: string
}

export const symmetryRules = [
  {
    rule: 'both_named',
    asks: 'Accept, reject and choose have words in every language',
    source: 'GDPR Art. 4(11), 7(2)',
    heldBy: 'definition',
    mend: 'Give all three choices words in each language that its notice speaks.',
  },
  {
    rule: 'refusal_plain',
    asks: 'A no is worded as a no: no “later”, no guilt',
    source: '11 CCR §7004(a)(4); EDPB Guidelines 3/2022 on deceptive design patterns',
    heldBy: 'definition',
    mend: 'Say “Reject all” or what means the same, without a feeling and without a time.',
  },
  {
    rule: 'told_apart',
    asks: 'Accept and reject are told apart by their words',
    source: 'GDPR Art. 7(2), 12(1); WCAG 2.2, 2.4.6',
    heldBy: 'definition',
    mend: 'Give the two different words.',
  },
  {
    rule: 'like_length',
    asks: 'Neither choice is hidden in a long sentence',
    source: '11 CCR §7004(a)(2); EDPB Cookie Banner Taskforce 2023, type C',
    heldBy: 'definition',
    mend: 'Make the two about as long: the longer at most three times the shorter.',
  },
  {
    rule: 'contrast',
    asks: 'Own colours can be read, in both schemes',
    source: 'WCAG 2.2, 1.4.3 and 1.4.11; EDPB Cookie Banner Taskforce 2023, types D and E',
    heldBy: 'definition',
    mend: 'Text needs 4.5 : 1 against what is behind it, a button 3 : 1 against the surface.',
  },
  {
    rule: 'one_notice',
    asks: 'One notice is shown, in force, that reaches the property',
    source: 'GDPR Art. 7(1)',
    heldBy: 'definition',
    mend: 'Name the one notice whose words people are to read.',
  },
  {
    rule: 'purposes_named',
    asks: 'It asks about what its notice names, each once',
    source: 'GDPR Art. 6(1)(a), Recital 32',
    heldBy: 'definition',
    mend: 'List purposes that the notice names.',
  },
  {
    rule: 'training_apart',
    asks: 'AI training is a question of its own, in words too',
    source: 'GDPR Art. 7(2), Recital 43; a rule of Assent',
    heldBy: 'definition',
    mend: 'Leave AI out of what “accept” is called: its yes and no stand beside its own question.',
  },
  {
    rule: 'same_layer',
    asks: 'Accept and reject on the same layer, as often as each other',
    source: 'EDPB Cookie Banner Taskforce 2023, type A; CNIL, December 2024',
    heldBy: 'design',
    mend: 'Give accept and reject words that nothing else on the layer is called.',
  },
  {
    rule: 'same_look',
    asks: 'One size, font, weight, fill and contrast for both',
    source: 'EDPB Cookie Banner Taskforce 2023, types C to E; 11 CCR §7004(a)(2)',
    heldBy: 'design',
    mend: 'Make the words of accept and reject about as long, so that both take as many lines.',
  },
  {
    rule: 'in_view',
    asks: 'Both in view at 320 × 568 and at 200 % zoom',
    source: 'WCAG 2.2, 1.4.4 and 1.4.10',
    heldBy: 'design',
    mend: 'Shorten the words of the choices, of the controller and of what the notice begins with.',
  },
  {
    rule: 'nothing_pre_ticked',
    asks: 'Nothing is chosen beforehand',
    source: 'GDPR Recital 32; CJEU C-673/17; EDPB Cookie Banner Taskforce 2023, type B',
    heldBy: 'design',
    mend: 'Report it: no definition can choose beforehand.',
  },
  {
    rule: 'nothing_before',
    asks: 'Nothing is stored or asked for before a choice that asking does not need',
    source: 'ePrivacy Directive Art. 5(3)',
    heldBy: 'design',
  },
  {
    rule: 'silence_is_no',
    asks: 'Closing, Esc, scrolling and silence answer nothing',
    source: 'GDPR Art. 4(11), Recital 32',
    heldBy: 'design',
  },
  {
    rule: 'same_order',
    asks: 'The same order on every layer',
    source: '11 CCR §7004(a)(3)',
    heldBy: 'design',
    mend: 'Call a no what Assent calls it, or what your experience does.',
  },
  {
    rule: 'withdraw_in_view',
    asks: 'A way to take it back on every page',
    source: 'GDPR Art. 7(3); EDPB Cookie Banner Taskforce 2023, type K',
    heldBy: 'design',
    mend: 'Report it: no definition can take it out of view.',
  },
  {
    rule: 'withdraw_as_easy',
    asks: 'Taking back takes no more clicks than giving, and no sign-in',
    source: 'GDPR Art. 7(3); 11 CCR §7004(a)(2)',
    heldBy: 'design',
  },
  {
    rule: 'withdraw_at_once',
    asks: 'Taking back acts at once',
    source: 'GDPR Art. 7(3)',
    heldBy: 'design',
  },
  {
    rule: 'no_asking_again',
    asks: 'Who said no is asked again no sooner than who said yes',
    source: 'CNIL, Recommendation 2020-092; 11 CCR §7004(a)(4)',
    heldBy: 'design',
  },
  {
    rule: 'gpc',
    asks: 'Global Privacy Control is honoured, and said to be',
    source: '11 CCR §7025',
    heldBy: 'design',
  },
  {
    rule: 'accessible',
    asks: 'Keyboard, screen reader, WCAG 2.2 AA',
    source: 'GDPR Art. 12(1); EN 301 549',
    heldBy: 'design',
  },
] as const satisfies readonly SymmetryRule[]

export type SymmetryRuleName = (typeof symmetryRules)[number]['rule']
