//! What crosses the boundary as a value, by its name in `www/shared/core.d.ts`.

use wasm_bindgen::prelude::*;

/// What has a type of its own in JS.
pub trait Crosses {
    /// That type.
    type Js: JsCast;
}

macro_rules! declare {
    ($($name:ident: $ty:ty,)+) => {
        #[wasm_bindgen]
        extern "C" {
            $(
                /// As `core.d.ts` has it.
                #[wasm_bindgen(typescript_type = $name)]
                pub type $name;
            )+
        }

        $(
            impl Crosses for $ty {
                type Js = $name;
            }
        )+

        // So that the declarations of the module know these types.
        #[wasm_bindgen(typescript_custom_section)]
        const IMPORTED: &str =
            concat!("import type { ", $(stringify!($name), ", ",)+ "} from '../shared/core.js';");
    };
}

crate::crossings::crossings!(declare);
