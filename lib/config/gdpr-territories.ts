/** The member states of the European Union (Treaty on European Union, Art. 52(1)), without the United Kingdom. */
const memberStates = [
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT'],
  ...['LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
]

/**
 * Parts of member states with a country's code of their own in which Union law applies: the outermost regions
 * (Treaty on the Functioning of the European Union, Art. 355(1)) and Åland (Art. 355(4) and its protocol).
 */
const partsOfMemberStates = ['AX', 'GF', 'GP', 'MF', 'MQ', 'RE', 'YT']

/** States of the European Economic Area beside the Union (EEA Joint Committee, Decision 154/2018). */
const economicArea = ['IS', 'LI', 'NO']

/** United Kingdom GDPR: the Regulation as retained by the European Union (Withdrawal) Act 2018, s. 3. */
const unitedKingdom = ['GB']

/** Where the GDPR or its United Kingdom twin holds: ISO 3166-1 alpha-2. */
export const gdprTerritories: readonly string[] = [
  ...memberStates,
  ...partsOfMemberStates,
  ...economicArea,
  ...unitedKingdom,
].sort()
