import { Lake, head_bytes } from '../../pkg/stedi_lakehouse.js';
import { InputError } from '../../shared/errors.js';
import { readHead } from '../io/read-file.js';
import { refuseChanged } from '../run/from-lake.js';
import { detectFile } from '../run/scan-inputs.js';

/**
 * Fails if a run could not go on from a lake with these files: the lake has to be what its report says, and there have
 * to be customers. The run itself looks again.
 * @param {import('../../shared/protocol.js').JobService['checkContinue']['request']} request
 */
export async function checkContinue({ lake: { report, files }, inputs }) {
  const lake = new Lake(report);
  await refuseChanged(lake, files);
  lake.free();
  /** @type {InputError | undefined} */
  let unread;
  for (const { name, file } of inputs) {
    try {
      const { found } = await detectFile(file, await readHead(file, head_bytes()));
      const may = found.status === 'archive' || found.status === 'several';
      if (may || (found.status === 'table' && found.table === 'customer_landing')) return;
    } catch (error) {
      unread ??= new InputError(name, error);
    }
  }
  const message =
    'These files hold no customers. A run that continues from a lake gets all customers anew, so that consent is ' +
    'decided on all of them.';
  throw unread ?? Object.assign(new Error(message), { code: 'no_customers' });
}
