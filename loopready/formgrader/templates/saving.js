// A save tells the server what the page had seen. Where the gradebook says something else by now, nothing is written,
// and a line shows both. A save that fails in another way says so in the same place, where nbgrader's page shows a
// wheel that turns for ever. What is being typed when an answer comes stays: nbgrader's page draws all fields of a cell
// anew then, and loses the extra credit begun while the points were on their way.
(function () {
  "use strict";

  var kinds = {
    grade: {
      model: Grade, view: GradeUI, fields: ["manual_score", "extra_credit"],
      input: ".score", inputs: ".score, .extra-credit"
    },
    comment: {model: Comment, view: CommentUI, fields: ["manual_comment"], input: ".comment", inputs: ".comment"}
  };

  var typing = new Set();
  document.addEventListener("input", function (event) { typing.add(event.target); }, true);

  _.each(kinds, function (kind) {
    var initialize = kind.view.prototype.initialize, render = kind.view.prototype.render;

    kind.model.prototype.initialize = function () {
      this.seen = _.pick(this.attributes, kind.fields);
      this.on("sync", function (model, answer) {
        var said = typeof answer === "string" ? JSON.parse(answer) : answer;
        this.seen = _.pick(said, kind.fields);
      });
    };

    kind.model.prototype.sync = function (method, model, options) {
      if (method === "update") {
        options.attrs = _.extend(model.toJSON(options), {seen: model.seen});
      }
      return Backbone.sync(method, model, options);
    };

    kind.view.prototype.render = function () {
      var kept = typed(this).map(function (field) { return [field, field.value]; });
      render.apply(this, arguments);
      _.each(kept, function (one) { one[0].value = one[1]; });
    };

    kind.view.prototype.initialize = function () {
      // The view of the other kind has the same element.
      this.el.addEventListener("change", function (event) {
        if (event.target.matches(kind.inputs)) { typing.delete(event.target); }
      }, true);
      initialize.apply(this, arguments);
      // What was typed and left before the points were there is saved now.
      var left = typed(this).filter(function (field) { return field !== document.activeElement; });
      if (left.length) {
        left.forEach(function (field) { typing.delete(field); });
        this.save();
      }
      this.listenTo(this.model, "error", notSaved);
      this.listenTo(this.model, "sync", function () { line(this).remove(); });
    };

    function typed(view) {
      return view.$el.find(kind.inputs).get().filter(function (field) { return typing.has(field); });
    }

    function line(view) {
      return view.$el.find(".loopready-unsaved[data-field='" + kind.fields[0] + "']");
    }

    function notSaved(model, answer) {
      var view = this, said = {};
      try { said = JSON.parse(answer.responseText); } catch (error) { /* no answer, or a page */ }
      line(view).remove();
      view.$glyph.stop(true, true).hide();
      var shown = $("<div/>").addClass("alert alert-warning loopready-unsaved").attr("role", "alert")
        .attr("data-field", kind.fields[0])
        .text(said.message || "Not saved: the server does not answer. What you entered is still here.");
      if (said.now) {
        var theirs = _.pick(said.now, kind.fields);
        shown.append(button("Save mine", function () { model.seen = theirs; model.save(); }));
        shown.append(button("Take theirs", function () {
          model.seen = theirs;
          model.set(said.now);
          view.render();
          line(view).remove();
        }));
      } else {
        shown.append(button("Try again", function () { model.save(); }));
      }
      view.$el.find(kind.input).closest(".panel-heading, .panel-footer").after(shown);
    }
  });

  function button(text, pressed) {
    return $("<button/>").attr("type", "button").addClass("btn btn-default btn-xs").text(text).click(pressed);
  }
})();
