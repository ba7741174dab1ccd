import { operators } from '../api/api.ts';
import type { SagaFigures } from '../api/shapes.ts';
import type { Live } from './events.ts';
import { useFollow } from './live.ts';
import { useLoad } from './load.ts';

/** The saga's figures, with live updates for admins. */
export function useSaga(mayOperate: boolean): Live<SagaFigures> {
  const loaded = useLoad(operators.saga, [mayOperate]);
  const connection = useFollow<SagaFigures>(mayOperate ? '/book/saga/live' : undefined, 'saga', {
    onData: (figures) => loaded.put(() => figures),
    onOpen: loaded.reload,
  });
  return { ...loaded, connection };
}
