// The program of the GPU.

export const VERTEX = `#version 300 es
void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }`;

// One variant reads integers, the other floats. Above 1:1 the nearest pixel is shown; below, the mean of those
// that fall together.
/** @param {boolean} integers */
export const fragment = integers => `#version 300 es
precision highp float; precision highp int; precision highp ${integers ? "usampler2DArray" : "sampler2DArray"};
#define SAMPLER ${integers ? "usampler2DArray" : "sampler2DArray"}
uniform SAMPLER first, second;
uniform sampler2D colours;
uniform vec2 size, corner, port, offset, secondSize;
uniform float step_, curtain, black, white, gamma, limit;
uniform vec2 shrink;
uniform int mode, channels;
uniform vec3 ground;
out vec4 shown;
vec3 one(SAMPLER from, ivec2 at) {
  float r = float(texelFetch(from, ivec3(at, 0), 0).r);
  return channels == 3
    ? vec3(r, texelFetch(from, ivec3(at, 1), 0).r, texelFetch(from, ivec3(at, 2), 0).r) : vec3(r);
}
vec3 area(SAMPLER from, vec2 at, float by) {
  vec2 middle = at / by;
  float wide = step_ / by;
  ivec2 last = textureSize(from, 0).xy - 1;
  if (wide <= 1.0) return one(from, clamp(ivec2(floor(middle)), ivec2(0), last));
  int n = int(min(ceil(wide), 8.0));
  vec3 sum = vec3(0.0);
  for (int y = 0; y < n; y++) for (int x = 0; x < n; x++)
    sum += one(from, clamp(ivec2(floor(middle + wide * ((vec2(x, y) + 0.5) / float(n) - 0.5))), ivec2(0), last));
  return sum / float(n * n);
}
vec3 toned(vec3 value) {
  vec3 share = pow(clamp((value - black) / (white - black), 0.0, 1.0), vec3(gamma));
  return channels == 3 ? share : texture(colours, vec2((share.r * 255.0 + 0.5) / 256.0, 0.5)).rgb;
}
vec3 of(vec2 at, bool isSecond) {
  vec2 there = at - offset;
  bool inside = all(greaterThanEqual(there, vec2(0.0))) && all(lessThan(there, secondSize));
  return isSecond && inside ? area(second, there, shrink.y) : area(first, at, shrink.x);
}
void main() {
  vec2 screen = vec2(gl_FragCoord.x - port.x, port.y - gl_FragCoord.y);
  vec2 at = corner + screen * step_;
  if (any(lessThan(at, vec2(0.0))) || any(greaterThanEqual(at, size))) { shown = vec4(ground, 1.0); return; }
  if (mode == 3) {
    vec3 taken = of(at, false) - of(at, true);
    float share = clamp((channels == 3 ? (taken.r + taken.g + taken.b) / 3.0 : taken.r) / limit, -1.0, 1.0);
    shown = vec4(share > 0.0 ? vec3(1.0, 1.0 - share, 1.0 - share) : vec3(1.0 + share, 1.0 + share, 1.0), 1.0);
    return;
  }
  shown = vec4(toned(of(at, mode == 1 || (mode == 2 && screen.x >= curtain))), 1.0);
}`;
