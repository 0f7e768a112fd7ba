// What a streamer types into OBS's field for CSS. OBS writes it into a style element by `innerHTML`,
// which the policy of this page lets nobody do: what is written so is adopted as a sheet, and a
// comment stands in the element, whose hash the policy knows. No text of any kind becomes HTML.
const IN_ITS_PLACE = "/* adopted */";

function adopt(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return IN_ITS_PLACE;
}

window.trustedTypes?.createPolicy("default", { createHTML: adopt });
