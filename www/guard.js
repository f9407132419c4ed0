// The page's policy does not cover WebRTC: in Chromium a STUN packet got out in spite of it. So this
// script, the first to run, takes the constructors away for good. Workers have none to begin with.
for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) {
  Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
}
