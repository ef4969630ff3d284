import type { Context } from './context.ts';
import type { ProgramWait } from './program-waits.ts';
import type { WaitReason } from './run-event.ts';
import { holdReasons } from './hold-reasons.ts';
import { reason } from './step-execute.ts';

/** What a program waits for, as a step would say it; none where its answer is only on its way. */
export function waitsOfCall(context: Context, wait: ProgramWait): readonly WaitReason[] {
  const { call, requestId } = wait;
  if (call === null && requestId === null) return [{ kind: 'pipe', name: wait.pipe, detail: wait.stream === 'joined_input' ? 'read' : 'write', by: [wait.other] }];
  if (call?.type === 'join' || call?.type === 'await') return [reason('join', call.name, null)];
  if (call?.type === 'result') return [reason('result', call.pool, null)];
  const request = requestId === null ? undefined : context.requests.get(requestId);
  const [name = ''] = request?.names ?? [];
  switch (request?.verb) {
    case 'acquire':
      return holdReasons(context, request.holds);
    case 'wait_event':
      return [reason('event', name, null)];
    case 'wait_condition':
      return [reason('condition', name, null)];
    case 'wait_barrier':
      return [reason('barrier', name, null)];
    case 'put':
    case 'get':
      return [reason('queue', name, request.verb)];
    case 'join_queue':
      return [reason('queue', name, 'join')];
    case 'send':
      return [reason('pipe', name, 'send')];
    case 'receive':
    case 'poll':
      return [reason('pipe', name, 'recv')];
    default:
      return [];
  }
}
