import * as fc from 'fast-check';

/**
 * `npm test` tries the same random specs each time, so that whether it passes is a matter of the change alone; `npm run properties` tries others.
 * Set by it: the number that all of them are drawn from.
 */
const seed = Number(process.env['PROPERTIES_SEED'] ?? 20_261_129);

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
