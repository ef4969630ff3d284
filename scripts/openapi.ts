import { errorForms } from '../src/protocol/error-kind.ts';
import { protocolVersion } from '../src/protocol/message.ts';
import { present } from '../src/base/invariant.ts';
import { methodDescriptions, type MethodDescription } from '../src/protocol/method-descriptions.ts';
import { resultSchemas } from './result-schemas.ts';

/** Never to a `POST`, which is all that the paths describe. */
const wrongVerb = errorForms.wrong_verb.status;
const statuses = [...new Set(Object.values(errorForms).map(({ status }) => status))].toSorted((a, b) => a - b);

/** What a request may say besides its key and its body. */
const requestHeaders = {
  pid: {
    name: 'Mpctl-Pid',
    in: 'header',
    description: 'the process that asks, where all of it waits for the answer: without it its program is in no deadlock',
    schema: { type: 'string', pattern: '^\\d{1,10}$' },
  },
  hold: {
    name: 'Mpctl-Hold',
    in: 'header',
    description: 'the connection holds what is acquired, and releases it at the latest when it is closed; without it the instance does',
    schema: { const: 'connection' },
  },
};

/** The calls over HTTP as an OpenAPI 3.1 document. */
export function openApiDocument(): unknown {
  return {
    openapi: '3.1.0',
    info: {
      title: 'mpctl: the door of a run',
      version: String(protocolVersion),
      description: `Spoken on the Unix socket in \`MPCTL_SOCKET\`; the key is in \`MPCTL_AUTHKEY\`. Any other verb than \`POST\` is refused with ${String(wrongVerb)}, as in the response of that name. See docs/protocol.md.`,
    },
    servers: [{ url: 'http://mpctl', description: 'the host name means nothing on a Unix socket' }],
    security: [{ key: [] }],
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      parameters: requestHeaders,
      responses: Object.fromEntries(statuses.map((status) => [`refused-${String(status)}`, { description: kindsOf(status), ...headersOf(status), content: errorContent(status) }])),
    },
    paths: Object.fromEntries(
      Object.entries(methodDescriptions).map(([name, description]) => [`/v1/${name.replace('.', '/')}`, { post: operation(name, description) }]),
    ),
  };
}

function operation(name: string, { summary, required, optional, result }: MethodDescription): unknown {
  return {
    operationId: name,
    summary,
    parameters: Object.keys(requestHeaders).map((header) => ({ $ref: `#/components/parameters/${header}` })),
    requestBody: {
      required: Object.keys(required).length > 0,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { ...required, ...optional },
            required: Object.keys(required),
            additionalProperties: false,
          },
        },
      },
    },
    responses: {
      200: { description: result, content: { 'application/json': { schema: resultOf(name) } } },
      ...Object.fromEntries(statuses.filter((status) => status !== wrongVerb).map((status) => [status, { $ref: `#/components/responses/refused-${String(status)}` }])),
    },
  };
}

function resultOf(name: string): unknown {
  const result = present(resultSchemas[name], `what ${name} answers has a schema`);
  return { type: 'object', properties: { result }, required: ['result'], additionalProperties: false };
}

function kindsOf(status: number): string {
  return kindNames(status)
    .map((kind) => `\`${kind}\`: ${errorForms[kind].meaning}`)
    .join('; ');
}

function headersOf(status: number): Readonly<Record<string, unknown>> {
  return status === wrongVerb ? { headers: { Allow: { required: true, schema: { const: 'POST' } } } } : {};
}

function kindNames(status: number): readonly (keyof typeof errorForms)[] {
  const kinds: (keyof typeof errorForms)[] = [];
  let kind: keyof typeof errorForms;
  for (kind in errorForms) if (errorForms[kind].status === status) kinds.push(kind);
  return kinds;
}

function errorContent(status: number): unknown {
  const put = { type: 'integer', minimum: 1, description: 'of a `queue.put` of several items: so many, from the first on, were put before' };
  const properties = { kind: { enum: kindNames(status) }, message: { type: 'string' }, put };
  const error = { type: 'object', properties, required: ['kind', 'message'], additionalProperties: false };
  return { 'application/json': { schema: { type: 'object', properties: { error }, required: ['error'], additionalProperties: false } } };
}
