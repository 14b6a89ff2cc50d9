// Figures over time zoom together.
(function () {
  "use strict";
  var charts = Array.prototype.slice.call(document.querySelectorAll(".chart")), busy = false;
  charts.forEach(function (chart) {
    chart.on("plotly_relayout", function (change) {
      var range = null;
      if (change["xaxis.range[0]"] !== undefined) { range = [change["xaxis.range[0]"], change["xaxis.range[1]"]]; }
      else if (!change["xaxis.autorange"]) { return; }
      if (busy) { return; }
      busy = true;
      Promise.all(charts.filter(function (other) { return other !== chart; }).map(function (other) {
        return window.Plotly.relayout(other, range ? { "xaxis.range": range.slice() } : { "xaxis.autorange": true });
      })).then(function () { busy = false; }, function () { busy = false; });
    });
  });
}());
