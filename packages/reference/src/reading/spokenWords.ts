/** The ICAO spelling alphabet, as said to people. */
export const ICAO =
  'Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo ' +
  'Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu'

export const DIGITS = 'zero one two three four five six seven eight nine'
