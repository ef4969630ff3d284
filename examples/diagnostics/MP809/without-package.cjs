// Makes the optional package look as it does where it was not installed, to `import` and to `require`.
const hook = `export async function resolve(specifier, context, next) {
  if (specifier !== '@lydell/node-pty') return next(specifier, context);
  throw Object.assign(new Error('not installed'), { code: 'ERR_MODULE_NOT_FOUND' });
}`;
const modules = require('node:module');
modules.register(`data:text/javascript,${encodeURIComponent(hook)}`);

const find = modules._resolveFilename;
modules._resolveFilename = (specifier, ...others) => {
  if (specifier !== '@lydell/node-pty') return find(specifier, ...others);
  throw Object.assign(new Error('not installed'), { code: 'MODULE_NOT_FOUND' });
};
