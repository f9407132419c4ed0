// Put in by the build.
declare const __VERSION__: string;
declare const __COMMIT__: string;
declare const __WASM_SHA256__: string;
/** The SQL that defines each table, by its name. */
declare const __SQL__: Record<string, string>;
/** Whether this is the edition with the SQL console. */
declare const __CONSOLE__: boolean;
