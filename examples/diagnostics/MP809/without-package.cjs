// Makes the optional package look as it does where it was not installed.
const hook = `export async function resolve(specifier, context, next) {
  if (specifier !== '@lydell/node-pty') return next(specifier, context);
  throw Object.assign(new Error('not installed'), { code: 'ERR_MODULE_NOT_FOUND' });
}`;
require('node:module').register(`data:text/javascript,${encodeURIComponent(hook)}`);
