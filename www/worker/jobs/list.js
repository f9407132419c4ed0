import { list_entries } from '../../pkg/stedi_lakehouse.js';

/** How many entries a list of withdrawals has. @param {string} list */
export const countEntries = (list) => list_entries(list);
