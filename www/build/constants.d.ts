// Put in by the build.
declare const __VERSION__: string;
declare const __COMMIT__: string;
declare const __WASM_SHA256__: string;
/** Whether this is the edition with the SQL console. */
declare const __CONSOLE__: boolean;
