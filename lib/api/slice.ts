/**
 * Synchronous work for one caller gives way after so many milliseconds, so that others' questions, each of which takes
 * a twentieth of one, wait for little. A few that are worked on at once make a turn of the event loop.
 */
export const sliceMs = 2
