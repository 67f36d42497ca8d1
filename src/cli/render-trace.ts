/** A trace in the format that was asked for; each renderer is loaded only when it is needed. */
import { unreachable } from '../base/assert.ts';
import type { Trace } from '../trace/trace.ts';
import type { World } from '../world/world.ts';

export type TraceFormat = 'text' | 'wide' | 'wire' | 'json' | 'svg';

export interface TextOptions {
  readonly width: number;
  readonly color: boolean;
  readonly allPaths: boolean;
}

export async function renderTrace(
  trace: Trace,
  world: World,
  format: TraceFormat,
  options: TextOptions,
): Promise<string> {
  switch (format) {
    case 'text':
    case 'wide': {
      const { renderText } = await import('../render/text.ts');
      return renderText(trace, { ...options, wide: format === 'wide' });
    }
    case 'wire':
      return (await import('../render/wire.ts')).renderWire(trace);
    case 'json':
      return (await import('../render/json.ts')).renderJson(trace, { pretty: true });
    case 'svg': {
      const { renderSvg } = await import('../render/svg.ts');
      const { surroundingsOf } = await import('../render/boxes.ts');
      return renderSvg(trace, { surroundings: surroundingsOf(world) });
    }
    default:
      return unreachable(format);
  }
}
