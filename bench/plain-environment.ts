/**
 * The environment of the bench without the certificates that Node reads at each start where this names some, 40 ms for
 * those of Debian: peers that are no program of Node have no part in that, and beside those that are it would hide what mpctl adds.
 */
export const plainEnvironment: NodeJS.ProcessEnv = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_EXTRA_CA_CERTS'));
