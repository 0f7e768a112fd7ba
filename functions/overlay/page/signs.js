// Drawn here, so that no line asks anybody for a picture: what tells platforms apart, and badges.
export const SIGNS = {
  twitch: { name: "Twitch", path: "M4 2h16v11l-5 5h-4l-3 3H6v-3H2V6zm3 3v9h3v3l3-3h4V5zm4 2h2v5h-2zm4 0h2v5h-2z" },
  discord: { name: "Discord", path: "M8 4c1 0 2 .4 2.4.9h3.2C14 4.4 15 4 16 4c2.5.5 4 1.5 4 1.5 2 4 2.5 8 2 11.5-1.5 1.5-3.5 2.5-5.5 3l-1.3-2.2 1.3-.8c-3 1.3-6 1.3-9 0l1.3.8L7.5 20c-2-.5-4-1.5-5.5-3-.5-3.5 0-7.5 2-11.5 0 0 1.5-1 4-1.5zm.8 6.2a1.9 2.1 0 1 0 .1 0zm6.4 0a1.9 2.1 0 1 0 .1 0z" },
  slack: { name: "Slack", path: "M9 2a2 2 0 0 1 2 2v6H9a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zM2 9a2 2 0 0 1 2-2h1v2a2 2 0 0 1-3 0zm0 5a2 2 0 0 1 2-2h6v2a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2zm7 8a2 2 0 0 1-2-2v-1h2a2 2 0 0 1 0 3zm6 0a2 2 0 0 1-2-2v-6h2a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2zm7-7a2 2 0 0 1-2 2h-1v-2a2 2 0 0 1 3 0zm0-5a2 2 0 0 1-2 2h-6v-2a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2zm-7-8a2 2 0 0 1 2 2v1h-2a2 2 0 0 1 0-3z" },
};

const STAR = "M12 2l3 6.5 7 .8-5.2 4.9 1.4 7L12 17.8 5.8 21.2l1.4-7L2 9.3l7-.8z";
const SHIELD = "M12 2l8 3v6c0 5-3.5 9-8 11-4.5-2-8-6-8-11V5z";

export const BADGES = {
  broadcaster: { name: "Broadcaster", path: "M3 6h12v4l6-3v10l-6-3v4H3z" },
  staff: { name: "Staff", path: SHIELD },
  admin: { name: "Admin", path: SHIELD },
  global_mod: { name: "Moderator", path: SHIELD },
  lead_moderator: { name: "Lead moderator", path: "M19 2l3 3-9 9 2 2-2 2-3-3-5 5-3-3 5-5-3-3 2-2 2 2z" },
  moderator: { name: "Moderator", path: "M20 2l2 2-1 4-8 8 2 2-2 2-3-3-4 4-4-4 4-4-3-3 2-2 2 2 8-8z" },
  vip: { name: "VIP", path: "M6 3h12l4 6-10 12L2 9z" },
  founder: { name: "Founder", path: STAR },
  subscriber: { name: "Subscriber", path: STAR },
  partner: { name: "Partner", path: "M12 2l3 2h4v4l2 3-2 3v4h-4l-3 2-3-2H5v-4l-2-3 2-3V4h4zm-1.5 13.5l6-6-1.5-1.5-4.5 4.5-2-2L7 12z" },
  premium: { name: "Prime", path: "M3 18l1-11 5 4 3-7 3 7 5-4 1 11z" },
  turbo: { name: "Turbo", path: "M13 2L4 14h6l-1 8 9-12h-6z" },
  "artist-badge": { name: "Artist", path: "M20 2l2 2-9 11-4-4zM8 12l4 4c0 3-3 5-8 5 2-2 1-3 1-5s1-4 3-4z" },
};
