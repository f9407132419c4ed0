import { parquetMetadataAsync, parquetScan } from 'hyparquet';
import { gunzip } from '../../pkg/stedi_lakehouse.js';
import { readTable } from '../../shared/read-blob.js';

/**
 * A written table, read again from its Parquet bytes: a range of rows costs the pages that hold it.
 * hyparquet (MIT, 17 kB gzipped) and not the core's own Parquet crate: reading would make the core some
 * hundred kilobytes larger, and a page of rows is a few milliseconds either way.
 */

/** Of a column: text, numbers, or bigints for times. @typedef {ArrayLike<string | number | bigint | null>} Values */

/** @param {Blob} file */
export async function openTable(file) {
  const buffer = {
    byteLength: file.size,
    slice: (/** @type {number} */ start, /** @type {number} */ end = file.size) => readTable(file.slice(start, end)),
  };
  const metadata = await parquetMetadataAsync(buffer);
  const scan = await parquetScan({ file: buffer, metadata, geoparquet: false, compressors: { GZIP: gunzip } });
  const columns = metadata.schema.slice(1).map(({ name }) => name);

  return {
    rows: Number(metadata.num_rows),
    columns,

    /**
     * The values of a range of rows, by column; within a row group, so that no copy is made.
     * @param {string[]} wanted @param {number} start @param {number} end
     * @returns {AsyncGenerator<{ start: number, end: number, values: Values[] }>}
     */
    async *read(wanted, start, end) {
      for (const { rowStart, rowEnd } of scan.ranges) {
        const from = Math.max(start, rowStart);
        const to = Math.min(end, rowEnd);
        if (from >= to) continue;
        const values = await Promise.all(
          wanted.map((column) => scan.readColumn({ column, rowStart: from, rowEnd: to })),
        );
        yield { start: from, end: to, values };
      }
    },
  };
}
